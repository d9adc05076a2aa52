import { DatabaseSync } from 'node:sqlite';

// Loaded before the command (NODE_OPTIONS=--import=…): kills it (kill -9) when it has executed so many statements that return nothing.
let left = Number(process.env['STATEMENTS_BEFORE_KILL']);
const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (statements) {
  exec.call(this, statements);
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};
