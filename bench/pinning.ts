import { execFileSync, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const SERVER_CORE = '0';
const LOAD_CORE = '1';

/** Whether a process can be held to one core here: by `taskset`, which Linux has. */
export const CAN_PIN = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** The command that runs another one on the core of the servers alone, where that can be. */
export function onServerCore(command: string, args: readonly string[]): [string, string[]] {
  return CAN_PIN ? ['taskset', ['--cpu-list', SERVER_CORE, command, ...args]] : [command, [...args]];
}

/** Leaves the servers' core to them. */
export function moveToLoadCore(): void {
  if (!CAN_PIN) return;
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', LOAD_CORE, String(process.pid)]);
}
