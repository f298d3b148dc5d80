import type { Command } from 'commander';
import { listSerialPorts } from '../../links/index.ts';

/** `silentgate reader detect`: which serial devices there are, by the names under which they are found again. */
export function addDetectCommand(reader: Command): void {
  reader
    .command('detect')
    .description('serial devices of this machine, with the path to configure')
    .option('--json', 'one JSON object')
    .action(async (flags: { json?: boolean }) => {
      const ports = await listSerialPorts();
      const lines = ports.map(({ path, byId, manufacturer }) => `${byId ?? path}  ${manufacturer ?? ''}`.trim());
      const text = lines.length === 0 ? 'No serial device was found.' : lines.join('\n');
      process.stdout.write(`${flags.json === true ? JSON.stringify({ ports }) : text}\n`);
      if (ports.length === 0) process.exitCode = 1;
    });
}
