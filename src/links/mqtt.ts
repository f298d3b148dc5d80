import { type Fault, faultOf, GatewayError } from '../kit/index.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { LinkDeps } from './deps.ts';
import type { MqttConnection } from './mqtt-connection.ts';
import { type ClientSession, startSession } from './mqtt-session.ts';
import { type MqttSettings, readTlsFiles } from './mqtt-settings.ts';
import { createSubscriptions } from './mqtt-subscriptions.ts';
import { createVersionChooser } from './mqtt-version.ts';
import { createReopening } from './reopening.ts';

/** A connection to a broker elsewhere. It also takes what came to us another way, as from a session that is given up. */
export type BrokerLink = MqttConnection &
  Pick<Delivery, 'wants' | 'deliver' | 'filters'> & {
    /** Whether the broker sends us all that the handlers want. */
    isSubscribed(): boolean;
  };

/**
 * The connection to an MQTT broker: MQTT 5, or 3.1.1 where the broker refuses 5; a session that the broker keeps while we
 * are away; QoS 1, acknowledged only after the handlers have taken it; reopened with backoff until `close`.
 */
export function connectMqtt(settings: MqttSettings, deps: LinkDeps): BrokerLink {
  const delivery = createDelivery(deps);
  const subscriptions = createSubscriptions(delivery.filters, (fault) => reopening.troubled(fault), deps);
  const sessions = createSessions(settings, delivery, deps);
  const reopening = createReopening(deps, () => {
    sessions.start({
      accepted: (session, sessionPresent) => {
        reopening.opened();
        if (settings.statusTopic !== undefined) announce(session, settings.statusTopic, 'online');
        subscriptions.started(session, sessionPresent);
      },
      ended: (fault) => {
        subscriptions.ended();
        reopening.failed(fault);
      },
    });
  });
  return {
    subscribe: (filter, handler) => {
      const remove = delivery.add(filter, handler);
      subscriptions.changed();
      return () => {
        remove();
        subscriptions.changed();
      };
    },
    open: () => reopening.start(),
    publish: async (topic, payload, options = {}) => {
      const session = sessions.current();
      if (session === null) throw new GatewayError('LINK_LOST', 'There is no connection to the broker.');
      await session.publish(topic, payload, { qos: options.qos ?? 0, retain: options.retain ?? false });
    },
    state: () => reopening.state(),
    counts: () => delivery.counts(),
    wants: delivery.wants,
    deliver: delivery.deliver,
    isSubscribed: subscriptions.areGranted,
    filters: delivery.filters,
    close: async () => {
      const session = sessions.release();
      subscriptions.ended();
      reopening.stopped();
      if (session !== null && settings.statusTopic !== undefined) announce(session, settings.statusTopic, 'offline');
      await session?.end();
    },
  };
}

/** The retained word on the status topic; the broker says `offline` for us when we vanish. */
function announce(session: ClientSession, topic: string, word: 'online' | 'offline'): void {
  session.publish(topic, word, { qos: 1, retain: true }).catch(() => undefined);
}

export type Progress = { accepted(session: ClientSession, sessionPresent: boolean): void; ended(fault: Fault): void };

/** At most one session at a time; its messages go to `delivery`. Each has the version that the broker is likely to take. */
export function createSessions(settings: MqttSettings, delivery: Pick<Delivery, 'deliver'>, deps: LinkDeps) {
  const version = createVersionChooser(deps);
  let session: ClientSession | null = null;
  let takeBack: () => void = () => undefined;
  let attempts = 0;

  const release = (): ClientSession | null => {
    const released = session;
    attempts += 1;
    session = null;
    takeBack();
    return released;
  };
  const start = async (progress: Progress): Promise<void> => {
    const mine = ++attempts;
    const tls = await readTlsFiles(settings).catch(faultOf);
    if (mine !== attempts) return;
    if ('code' in tls) return progress.ended(tls);
    const started: ClientSession = startSession(
      { ...settings, version: version.current(), tls },
      {
        accepted: (sessionPresent) => {
          version.accepted();
          progress.accepted(started, sessionPresent);
        },
        message: (message, done) => {
          takeBack = delivery.deliver(message, done);
        },
        ended: (end) => {
          release();
          version.ended(end);
          progress.ended(end.fault);
        },
      },
      deps,
    );
    session = started;
  };
  return { start: (progress: Progress) => void start(progress), current: () => session, release };
}
