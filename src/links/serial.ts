import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import { errnoOf } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import { serialErrno } from './foreign-texts.ts';
import type { ByteLink, ByteLinkEvents } from './link.ts';
import { deviceError, deviceFault } from './link-errors.ts';
import type { SerialLinkSettings, SerialSettings } from './options.ts';
import { defaultByIdFolder, stablePath } from './serial-path.ts';
import { type Channel, type ChannelEvents, superviseLink } from './supervised-link.ts';

/**
 * A serial byte link. It survives unplugging: once it knows a device's `/dev/serial/by-id` name it waits for that device,
 * whatever number it gets, and never opens another one that took the number. XON/XOFF stays off: it eats bytes 11 and 13.
 */
export function openSerial(settings: SerialLinkSettings, events: ByteLinkEvents, deps: LinkDeps): ByteLink {
  let path = settings.path;
  return superviseLink(
    async (reports) => {
      path = await stablePath(path, settings.byIdFolder ?? defaultByIdFolder);
      const { baudRate } = settings;
      return openPort(
        path,
        { ...settings, baudRate: typeof baudRate === 'number' ? baudRate : baudRate() },
        reports,
        deps,
      );
    },
    events,
    deps,
  );
}

/** Opens a port once, for a look at what is on it. Rejects as a link would say it: LINK_NOT_FOUND, LINK_DENIED. */
export function tapSerial(settings: SerialSettings, reports: ChannelEvents, deps: LinkDeps): Promise<Channel> {
  return openPort(settings.path, settings, reports, deps);
}

async function openPort(path: string, settings: SerialSettings, reports: ChannelEvents, deps: LinkDeps) {
  // serialport's own errors have no code, so the usual causes are asked of the file system first.
  await access(path, constants.R_OK | constants.W_OK).catch((error: unknown) => {
    throw deviceError(errnoOf(error), path, error);
  });
  const { baudRate, dataBits = 8, stopBits = 1, parity = 'none', rtscts = false } = settings;
  const port = new SerialPort({ path, baudRate, dataBits, stopBits, parity, rtscts, autoOpen: false });
  const lost = (cause: unknown) => reports.lost(deviceFault('EIO', path, cause));
  // Without a data listener an unplugged port says nothing until the next write.
  port.on('data', (bytes: Buffer) => reports.chunk(bytes));
  port.on('error', lost);
  port.on('close', lost);
  // A hung-up terminal reads as its end, which the library does not call closed.
  port.on('end', () => lost(new Error('end of data')));
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(deviceError(serialErrno(error), path, error)) : resolve()));
  });
  setModemLines(port, settings, deps);
  return channelOf(port, path);
}

/** Ptys and some adapters have no modem lines: that is worth a warning, not the link. */
function setModemLines(port: SerialPort, settings: SerialSettings, deps: LinkDeps): void {
  const { dtr, rts } = settings;
  if (dtr === undefined && rts === undefined) return;
  const levels = { ...(dtr === undefined ? {} : { dtr }), ...(rts === undefined ? {} : { rts }) };
  port.set(levels, (error) => {
    if (error) deps.log.warn({ path: settings.path, error: error.message }, 'modem lines cannot be set');
  });
}

function channelOf(port: SerialPort, path: string): Channel {
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        port.write(bytes, (error) => (error ? reject(deviceError('EIO', path, error)) : resolve()));
      }),
    hold: () => undefined,
    close: () =>
      new Promise((resolve) => {
        // An unplugged port is closed already and says so; either way it is closed now.
        port.close(() => resolve());
      }),
  };
}
