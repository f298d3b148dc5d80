import { type MessagePlugin, plainPlugin } from '../../plugin.ts';

/** Readers of any maker: an id may be a bare text, and the configuration may say where everything is. */
export const genericJson: MessagePlugin = { ...plainPlugin, map: { id: [{ self: true }] }, takesMap: true };
