import type { Fault } from '../../contract/index.ts';
import { useWords } from '../state/context.ts';
import { faultWords } from '../words/fault.ts';

/** What went wrong with a link or a delivery, in our language where we have words for it, else as the gateway says it. */
export function FaultText({ fault, text }: { fault: Fault | null; text: string }) {
  const { word } = useWords();
  const own = fault === null ? null : faultWords(word, fault);
  return own === null ? <span lang="en">{text}</span> : <span title={text}>{own}</span>;
}
