import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../core/clock.ts';

describe('the clock of the machine', () => {
  it('tells whole seconds since the epoch, a begun one not counted (RFC 7519 §2)', ({ mock }) => {
    mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_999 });
    assert.equal(systemClock(), 1_800_000_000);
  });
});
