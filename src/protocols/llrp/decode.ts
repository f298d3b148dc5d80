import type { DecodeContext, ReaderAnswer, Sink } from '../sink.ts';
import type { LlrpProfile } from '../vocabulary/llrp-profile.ts';
import { capabilitiesOf } from './capabilities.ts';
import { createLlrpClock } from './llrp-clock.ts';
import { type LlrpMessage, type MessageName, messageTypes } from './message.ts';
import { noticesOf, uptimeOf } from './notices.ts';
import { neutralOf, statusOf } from './status.ts';
import { compileTagReports } from './tag-report.ts';
import { isVersion, type MessageTree, readMessage } from './tree.ts';

/** Makes reads of reports and understands everything else. Remembers of a connection what reports need to be understood. */
export type LlrpDecoder = {
  /** Gives reads, notices and damage to `sink`; returns what else was said, null for reports and damage. */
  decode(message: LlrpMessage, receivedAt: number, sink: Sink): MessageTree | null;
  /** A new connection: the reader's clock and channel table may be others. */
  reset(): void;
};

/** `live` is false where messages have no time of receipt, as in pasted text. */
export function createLlrpDecoder(profile: LlrpProfile, context: DecodeContext, live: boolean): LlrpDecoder {
  let khz: readonly number[] = [];
  let clock = createLlrpClock(live);
  const report = compileTagReports(profile, {
    context,
    clock: { heard: (...said) => clock.heard(...said), timeOf: (...said) => clock.timeOf(...said) },
    frequencyOf: (channel) => khz[channel - 1] ?? null,
  });
  const notice = (told: MessageTree, receivedAt: number, sink: Sink) => {
    const uptime = uptimeOf(told);
    if (uptime !== null) clock.heard(uptime, receivedAt);
    for (const { event, warning, sign } of noticesOf(told)) {
      if (sign !== null) sink.sign(sign, event.at);
      if (warning !== null) sink.warn(warning, 1);
      sink.event(event);
    }
  };
  return {
    reset: () => {
      khz = [];
      clock = createLlrpClock(live);
    },
    decode: (message, receivedAt, sink) => {
      if (message.type === messageTypes.RO_ACCESS_REPORT && isVersion(message)) {
        report(message, receivedAt, sink);
        return null;
      }
      const read = readMessage(message);
      if (!read.ok) {
        sink.bad(read.reason, message.bytes, 0);
        return null;
      }
      const { told } = read;
      if (told.name === 'GET_READER_CAPABILITIES_RESPONSE') ({ khz } = capabilitiesOf(told));
      if (told.name === 'READER_EVENT_NOTIFICATION') notice(told, receivedAt, sink);
      return told;
    },
  };
}

/** Tells `sink` of a message that is neither report nor notification, as `silentgate profile decode` shows it. */
export function describeTold(told: MessageTree, sink: Sink): void {
  if (told.name === 'READER_EVENT_NOTIFICATION') return;
  if (told.name.endsWith('_RESPONSE') || told.name === 'ERROR_MESSAGE') {
    sink.answer(answerOf(told));
    return;
  }
  const name = eventNames[told.name] ?? 'message';
  const { data: _, ...values } = told.values;
  sink.event({ name, at: null, seq: null, online: null, detail: { message: told.name, ...values } });
}

const eventNames: Partial<Record<MessageName, string>> = { KEEPALIVE: 'keepalive', CUSTOM_MESSAGE: 'custom' };

function answerOf(told: MessageTree): ReaderAnswer {
  const status = statusOf(told);
  const { code, text } = status;
  const fields = { status: code, text, ...(told.name.startsWith('GET_READER_CAP') ? shownCapabilities(told) : {}) };
  const command = told.name.replace(/_RESPONSE$/, '');
  return { command, ok: code === 0, error: neutralOf(status), routine: false, fields };
}

function shownCapabilities(told: MessageTree) {
  const { khz, powers, ...rest } = capabilitiesOf(told);
  const dbm = powers.map((entry) => entry.dbm);
  return { ...rest, channels: khz.length, minDbm: dbm.at(0) ?? null, maxDbm: dbm.at(-1) ?? null };
}
