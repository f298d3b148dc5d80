export type { ByteLink, ByteLinkEvents, LinkMessage, LinkState } from './link.ts';
