import type { Log } from '../../src/kit/index.ts';

/** A log whose lines of level info and above are kept: level, message and the reason that was given. */
export function keptLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const keep =
    (level: string): Log['info'] =>
    (fields, message) => {
      const why = fields['error'] ?? fields['reason'] ?? fields['lacks'];
      lines.push(`${level} ${message}${why === undefined ? '' : `: ${String(why)}`}`);
    };
  const nothing = () => undefined;
  const log: Log = {
    error: keep('error'),
    warn: keep('warn'),
    info: keep('info'),
    debug: nothing,
    trace: nothing,
    isLevelEnabled: () => false,
    child: () => log,
  };
  return { log, lines };
}
