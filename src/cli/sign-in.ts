import type { Command } from 'commander';
import { askApi, localGateway } from './local-gateway.ts';
import { configOrDemo } from './settings.ts';

/** `silentgate sign-in`: a new one-time link to the staff page of the gateway that runs here. */
export function addSignInCommand(root: Command): void {
  root
    .command('sign-in')
    .description('a new link that signs one browser in, once, within 15 minutes')
    .option('--config <file>', 'configuration file (default: silentgate.yaml here)')
    .action(async (flags: { config?: string }) => {
      const gateway = localGateway(configOrDemo(flags.config).data);
      const { code } = (await askApi(gateway, 'POST', '/session/codes')) as { code: string };
      process.stdout.write(`${gateway.url}/#code=${code}\n`);
    });
}
