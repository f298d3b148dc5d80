/** A name of any length in a list: two lines of it, and the whole in its tip and for screen readers. */
export function Name({ text }: { text: string }) {
  return (
    <span class="clamp" title={text}>
      {text}
    </span>
  );
}
