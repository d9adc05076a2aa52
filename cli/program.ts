import { Command } from 'commander';
import project from '../package.json' with { type: 'json' };
import { clientsCommand } from './clients.ts';
import { doctorCommand } from './doctor/doctor.ts';
import { withExamples } from './examples.ts';
import { initialAccessTokensCommand } from './initial-access-tokens.ts';
import { keysCommand } from './keys.ts';
import { resourcesCommand } from './resources.ts';
import { serveCommand } from './serve/serve.ts';

/** The `signet` command with all its subcommands. */
export function program(): Command {
  const signet = new Command('signet')
    .description(
      'A token issuer for machines: run it here, and manage its clients, resources and keys here or in AWS.',
    )
    .version(project.version);
  for (const command of [
    serveCommand(),
    resourcesCommand(),
    clientsCommand(),
    initialAccessTokensCommand(),
    keysCommand(),
    doctorCommand(),
  ]) {
    signet.addCommand(command);
  }
  withExamples(
    signet,
    'signet serve',
    'signet resources create https://api.example.com --scopes "read write"',
    'signet clients create --name Shop --resource "https://api.example.com read"',
  );
  leaveFailuresToUs(signet);
  return signet;
}

/** Commander would write the error and end the process itself, with code 1 for what is bad input. */
function leaveFailuresToUs(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const subcommand of command.commands) leaveFailuresToUs(subcommand);
}
