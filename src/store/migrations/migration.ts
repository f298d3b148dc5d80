/** One step of the schema. Runs in one transaction; `version` counts up by one from 1. Published steps never change. */
export type Migration = { readonly version: number; readonly name: string; readonly sql: string };
