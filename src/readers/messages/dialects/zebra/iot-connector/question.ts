import type { MqttQuestion } from '../../../control/dialect.ts';

/** A question of the IoT Connector. What the reader is goes to the management topic, what it does to the control topic. */
export function question(command: string, plane: MqttQuestion['plane'] = 'control', payload: unknown = {}) {
  return { plane, body: { command, payload } } satisfies MqttQuestion;
}
