import { type Fault, fault } from '../../kit/index.ts';
import type { Sign } from '../sign.ts';
import type { ReaderEvent } from '../sink.ts';
import type { ParameterName } from './layouts.ts';
import { inner, type MessageTree, numberIn, type Parameter, textIn } from './tree.ts';

/** What a reader tells of itself, and the warning it is counted as. */
export type Notice = { readonly event: ReaderEvent; readonly warning: string | null; readonly sign: Sign | null };

type Row = {
  readonly name: string;
  detail?(parameter: Parameter): Readonly<Record<string, unknown>>;
  online?(parameter: Parameter): boolean | null;
  warning?(parameter: Parameter): string | null;
  sign?(parameter: Parameter): Sign;
  /** No news for the technician. */
  readonly routine?: true;
};

const specOf = (event: Parameter) => ({ roSpecId: numberIn(event, 'roSpecId') });
const about = {
  AntennaID: 'antenna',
  ROSpecID: 'roSpecId',
  AccessSpecID: 'accessSpecId',
  OpSpecID: 'opSpecId',
} as const;

/** What an exception is about, as far as the reader says. */
function placeOf(event: Parameter): Record<string, number> {
  const named = Object.entries(about).flatMap(([name, key]) => {
    const place = inner(event, name as keyof typeof about);
    return place === undefined ? [] : [[key, numberIn(place, 'id')]];
  });
  return Object.fromEntries(named);
}

/** Each event parameter: its name here, what of it is told, and whether it is an alarm (LLRP 1.0.1, 13.1.6). */
const rows: Partial<Record<ParameterName, Row>> = {
  ConnectionAttemptEvent: {
    name: 'connectionAttempt',
    detail: (event) => ({ status: numberIn(event, 'status') }),
    online: (event) => (numberIn(event, 'status') === 0 ? true : null),
    warning: (event) => (numberIn(event, 'status') === 4 ? 'OTHER_CLIENT' : null),
  },
  ConnectionCloseEvent: { name: 'connectionClose', online: () => false },
  AntennaEvent: {
    name: 'antenna',
    detail: (event) => ({
      kind: numberIn(event, 'kind') === 1 ? 'connected' : 'disconnected',
      antenna: numberIn(event, 'antenna'),
    }),
    warning: (event) => (numberIn(event, 'kind') === 1 ? null : 'ANTENNA_DISCONNECTED'),
    sign: (event) => {
      const is = numberIn(event, 'kind') === 1 ? 'on' : 'off';
      return { about: 'antenna', port: numberIn(event, 'antenna'), is };
    },
  },
  GPIEvent: {
    name: 'gpi',
    detail: (event) => ({ port: numberIn(event, 'port'), high: numberIn(event, 'high') >= 0x80 }),
  },
  ROSpecEvent: {
    name: 'roSpec',
    detail: (event) => ({ kind: numberIn(event, 'kind'), ...specOf(event) }),
  },
  AISpecEvent: { name: 'aiSpec', detail: specOf, routine: true },
  RFSurveyEvent: { name: 'rfSurvey', detail: (event) => ({ kind: numberIn(event, 'kind'), ...specOf(event) }) },
  SpecLoopEvent: { name: 'specLoop', detail: specOf, routine: true },
  HoppingEvent: {
    name: 'hopping',
    detail: (event) => ({ hopTableId: numberIn(event, 'hopTableId'), channel: numberIn(event, 'channel') }),
    routine: true,
  },
  Custom: {
    name: 'custom',
    detail: (event) => ({ vendor: numberIn(event, 'vendor'), subtype: numberIn(event, 'subtype') }),
    routine: true,
  },
  ReportBufferLevelWarningEvent: {
    name: 'bufferWarning',
    detail: (event) => ({ percent: numberIn(event, 'percent') }),
    warning: () => 'READER_BUFFER_FILLING',
  },
  ReportBufferOverflowErrorEvent: { name: 'bufferOverflow', warning: () => 'READER_OVERFLOW' },
  ReaderExceptionEvent: {
    name: 'readerException',
    detail: (event) => ({ message: textIn(event, 'message'), ...placeOf(event) }),
    warning: () => 'READER_EXCEPTION',
    sign: (event) => ({ about: 'complaint', error: 'internal', text: textIn(event, 'message') }),
  },
};

/** The notices of a READER_EVENT_NOTIFICATION, in their order. */
export function noticesOf(told: MessageTree): Notice[] {
  const data = inner(told, 'ReaderEventNotificationData');
  const utc = inner(data, 'UTCTimestamp');
  const at = utc === undefined ? null : Math.floor(numberIn(utc, 'microseconds') / 1000);
  return (data?.inside ?? []).flatMap((parameter) => {
    const row = rows[parameter.name];
    if (row === undefined) return [];
    const { name, detail, online, warning, sign, routine } = row;
    const told = { name, at, seq: null, online: online?.(parameter) ?? null, detail: detail?.(parameter) ?? {} };
    const event = routine === undefined ? told : { ...told, routine };
    return [{ event, warning: warning?.(parameter) ?? null, sign: sign?.(parameter) ?? null }];
  });
}

/** The reader's uptime in µs that the notification carries in place of a time of day; null where it carries none. */
export function uptimeOf(told: MessageTree): number | null {
  const uptime = inner(inner(told, 'ReaderEventNotificationData'), 'Uptime');
  return uptime === undefined ? null : numberIn(uptime, 'microseconds');
}

/** What the reader says in its first word, by status; 0 is welcome, 4 is said of others (LLRP 1.0.1, 13.1.6.9). */
const greetings: Readonly<Record<number, Greeting>> = {
  1: { about: 'otherClient', fault: fault('LLRP_DIALLED_ANOTHER') },
  2: { about: 'otherClient', fault: fault('LLRP_OTHER_CLIENT') },
  3: { about: 'greeting', fault: fault('LLRP_REFUSES_ALL') },
};

type Greeting = { readonly about: string; readonly fault: Fault };

/** Why a reader takes no connection, by the status of its first word; any but 0 and 4. */
export function greetingRefusal(status: number): Greeting {
  return greetings[status] ?? { about: 'greeting', fault: fault('LLRP_REFUSES_ODDLY', { status }) };
}
