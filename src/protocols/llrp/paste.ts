import type { DecodeContext, Sink } from '../sink.ts';
import type { LlrpProfile } from '../vocabulary/llrp-profile.ts';
import { createLlrpDecoder, describeTold } from './decode.ts';
import { createLlrpFramer } from './framer.ts';

/** Decodes pasted bytes of either direction; whatever cannot be a message costs the chunk it stands in. */
export function createLlrpPaste(profile: LlrpProfile, context: DecodeContext, sink: Sink) {
  const decoder = createLlrpDecoder(profile, context, false);
  let isBroken = false;
  const framer = createLlrpFramer({
    message: (message) => {
      const told = decoder.decode(message, 0, sink);
      if (told !== null) describeTold(told, sink);
    },
    broken: (reason, bytes) => {
      isBroken = true;
      sink.bad(reason, bytes, 0);
    },
  });
  return {
    push: (chunk: Uint8Array) => {
      if (isBroken) framer.reset();
      isBroken = false;
      framer.push(chunk);
    },
    /** Nothing will follow. */
    end: () => {
      const rest = framer.rest();
      if (rest.length > 0) sink.bad('INCOMPLETE', rest, 0);
      framer.reset();
    },
  };
}
