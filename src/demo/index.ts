export { playDays } from './play.ts';
export { demoCustomer, demoProducts } from './products.ts';
export { startSampleReceiver } from './receiver.ts';
export { demoSecretName, demoSettings, demoSite, demoTopics } from './settings.ts';
