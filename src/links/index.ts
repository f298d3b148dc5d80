export { type Broker, type BrokerSettings, startBroker } from './broker.ts';
export type { LinkDeps } from './deps.ts';
export type { ByteLink, ByteLinkEvents, LinkMessage, LinkState } from './link.ts';
export { connectMqtt } from './mqtt.ts';
export type { MessageHandler, MqttConnection, MqttCounts } from './mqtt-connection.ts';
export type { MqttSettings } from './mqtt-settings.ts';
export {
  EmbeddedBrokerOptions,
  ExternalBrokerOptions,
  MqttOptions,
  MqttReaderOptions,
  Secret,
  SerialOptions,
  type SerialSettings,
  TcpOptions,
} from './options.ts';
export { openSerial } from './serial.ts';
export { listSerialPorts, type SerialPortInfo } from './serial-ports.ts';
export { openTcp } from './tcp.ts';
