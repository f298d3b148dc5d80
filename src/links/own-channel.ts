import type { MqttConnection } from './mqtt-connection.ts';

/** The connection that many share as one of them uses it: `leave` ends what this one subscribed to, and nothing else. */
export function ownChannel(shared: MqttConnection): { readonly channel: MqttConnection; leave(): void } {
  const ends: (() => void)[] = [];
  const subscribe: MqttConnection['subscribe'] = (filter, handler) => {
    const end = shared.subscribe(filter, handler);
    ends.push(end);
    return end;
  };
  const leave = () => {
    for (const end of ends.splice(0)) end();
  };
  return { channel: { ...shared, subscribe }, leave };
}
