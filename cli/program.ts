import { Command } from 'commander';
import project from '../package.json' with { type: 'json' };
import { clientsCommand } from './clients.ts';
import { resourcesCommand } from './resources.ts';
import { serveCommand } from './serve/serve.ts';

/** The `signet` command with all its subcommands. */
export function program(): Command {
  const signet = new Command('signet')
    .description(
      'A token issuer for machines: run it here, and manage its clients and resources here or in AWS.',
    )
    .version(project.version)
    .showHelpAfterError('Add --help to see what it takes.');
  for (const command of [serveCommand(), resourcesCommand(), clientsCommand()]) signet.addCommand(command);
  throwInsteadOfExit(signet);
  return signet;
}

/** Commander would end the process itself, with code 1 for what is bad input. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const subcommand of command.commands) throwInsteadOfExit(subcommand);
}
