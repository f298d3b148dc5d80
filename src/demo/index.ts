export { type DemoPlay, type DemoStage, playDays } from './play.ts';
export { demoCustomer, demoProducts } from './products.ts';
export { type SampleReceiver, startSampleReceiver } from './receiver.ts';
export { type DemoAddresses, demoSecretName, demoSettings, demoTopics } from './settings.ts';
