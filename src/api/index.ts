export type { ApiDeps, LastSeen, Location } from './deps.ts';
export type { Check } from './doctor.ts';
export { createKey } from './keys.ts';
export type { LiveClient } from './live-clients.ts';
export { createLiveFeed, type LiveFeed } from './live-feed.ts';
export type { LiveFeedDeps } from './live-messages.ts';
export { HttpOptions } from './options.ts';
export { isScope, type Scope, scopes } from './scopes.ts';
export { type Api, startApi } from './server.ts';
