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
export { openRecorder, type Recorder, type RecorderOptions } from './recorder.ts';
export { type RecordedEvent, type Recording, type RecordingHeader, readRecording } from './recording.ts';
export { openReplay, type ReplayEvents, type ReplayOptions } from './replay.ts';
export { openSerial } from './serial.ts';
export { listSerialPorts, type SerialPortInfo } from './serial-ports.ts';
export { openTcp } from './tcp.ts';
