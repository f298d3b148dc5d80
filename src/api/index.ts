export type { ApiDeps } from './deps.ts';
export { type Check, checkCodes } from './doctor-check.ts';
export type { ConfigurationState } from './doctor-configuration.ts';
export { createKey } from './keys.ts';
export { createLiveFeed, type LiveFeed } from './live-feed.ts';
export { HttpOptions } from './options.ts';
export { badRowsFile, type ImportOptions, type ImportResult, importProducts } from './product-import.ts';
export { isScope, type Scope, scopes } from './scopes.ts';
export { type Api, startApi } from './server.ts';
