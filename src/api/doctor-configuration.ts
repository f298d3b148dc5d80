import { type Check, check } from './doctor-check.ts';

/** How the configuration's file, as it is now, differs from what runs. */
export type ConfigurationState = {
  readonly file: string;
  /** Process id of the gateway, for the signal. */
  readonly pid: number;
  /** When the file was last changed, epoch ms; null where it cannot be read. */
  readonly changedAt: number | null;
  /** Keys that differ and that SIGHUP takes over. */
  readonly bySignal: readonly string[];
  /** Keys that differ and that only a restart takes over. */
  readonly byRestart: readonly string[];
  /** The mistakes that make the file no configuration, one a line; null where there are none. */
  readonly mistakes: string | null;
};

const anyTime = 'at an unknown time';

/** Whether what runs is what the file says. Nothing where there is no file. */
export function checkConfiguration(configuration: (() => ConfigurationState) | undefined): Check[] {
  if (configuration === undefined) return [];
  const { file, pid, changedAt, bySignal, byRestart, mistakes } = configuration();
  const at = changedAt === null ? anyTime : new Date(changedAt).toISOString();
  const params = { file, pid, at, keys: [...byRestart, ...bySignal].join(', '), restart: byRestart.join(', ') };
  if (mistakes !== null) {
    const text = `${file} was changed at ${at} and is no configuration any more; the next start would fail: ${mistakes}`;
    const next = 'Mend the file; silentgate check shows every mistake. The gateway goes on with what it has.';
    return [check('configuration', 'warn', 'CONFIG_BROKEN', text, next, { ...params, mistakes })];
  }
  if (params.keys === '') {
    return [check('configuration', 'ok', 'CONFIG_OK', `What ${file} says is what runs.`, null, { file })];
  }
  const text = `${file} was changed at ${at} and is not what runs; different: ${params.keys}.`;
  if (byRestart.length > 0) {
    const next = `Restart the gateway: ${byRestart.join(', ')} cannot change while it runs.`;
    return [check('configuration', 'warn', 'CONFIG_NEEDS_RESTART', text, next, params)];
  }
  const next = `Send SIGHUP (kill -HUP ${pid}, or systemctl reload), or restart the gateway.`;
  return [check('configuration', 'warn', 'CONFIG_CHANGED', text, next, params)];
}
