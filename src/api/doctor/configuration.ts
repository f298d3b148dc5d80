import { type Check, check } from './check.ts';

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
  /** Whether the certificate of http.tls on the disk is another than new connections are shown. */
  readonly certificateRenewed: boolean;
  /** The mistakes that make the file no configuration, one a line; null where there are none. */
  readonly mistakes: string | null;
};

const anyTime = 'at an unknown time';

/** Whether what runs is what the file says. Nothing where there is no file. */
export function checkConfiguration(configuration: (() => ConfigurationState) | undefined): Check[] {
  if (configuration === undefined) return [];
  const { file, pid, changedAt, bySignal, byRestart, certificateRenewed, mistakes } = configuration();
  const at = changedAt === null ? anyTime : new Date(changedAt).toISOString();
  const params = { file, pid, at, keys: [...byRestart, ...bySignal].join(', '), restart: byRestart.join(', ') };
  if (mistakes !== null) {
    const text = `The next start with ${file} would fail: ${mistakes}`;
    const next = 'Mend that; silentgate check shows every mistake. The gateway goes on with what it has.';
    return [check('configuration', 'warn', 'CONFIG_BROKEN', text, next, { ...params, mistakes })];
  }
  if (params.keys === '' && certificateRenewed) {
    const text = 'The certificate files of http.tls were changed; new connections still get the old certificate.';
    return [check('configuration', 'warn', 'CONFIG_CERTIFICATE_RENEWED', text, signal(pid), { file, pid })];
  }
  if (params.keys === '') {
    return [check('configuration', 'ok', 'CONFIG_OK', `What ${file} says is what runs.`, null, { file })];
  }
  const text = `${file} was changed at ${at} and is not what runs; different: ${params.keys}.`;
  if (byRestart.length > 0) {
    const next = `Restart the gateway: ${byRestart.join(', ')} cannot change while it runs.`;
    return [check('configuration', 'warn', 'CONFIG_NEEDS_RESTART', text, next, params)];
  }
  return [check('configuration', 'warn', 'CONFIG_CHANGED', text, signal(pid), params)];
}

const signal = (pid: number) => `Send SIGHUP (kill -HUP ${pid}, or systemctl reload), or restart the gateway.`;
