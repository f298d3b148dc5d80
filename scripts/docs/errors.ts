import { errorCodes, faultTable } from '../../src/kit/index.ts';

/** `docs/errors.md`: one row per code of the closed list. */
export function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, retryable, meaning }]) =>
      `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${meaning} |`,
  );
  const faults = Object.entries(faultTable).map(
    ([code, { error, text }]) => `| ${text.replaceAll('|', '\\|')} | \`${code}\` | \`${error}\` |`,
  );
  return `# Errors

<!-- Made by \`npm run docs\` from src/kit/errors.ts and src/kit/faults.ts; a test compares the two. -->

Everything that can fail fails with one of these codes. Over HTTP it is the \`code\` of an RFC 9457 problem document; on the command
line the text is printed and the exit code is 1. "Again" says whether the same request may succeed later without a change. Nobody
needs to match message texts: the codes are the contract.

| code | HTTP | again | meaning |
|---|---|---|---|
${rows.join('\n')}

Bad *data* (a damaged frame, a payload without an EPC, a tag that does not decode) is no error of the gateway: it is counted by reader
and reason in \`GET /api/v1/readers/{id}\`, and the rest goes on.

## Faults

What may be wrong with a link, a reader or a delivery is a *fault*: \`{ "code", "params", "cause" }\`. \`code\` is one of this closed
list, \`params\` are the values between braces, \`cause\` is another fault, or null. The sentence beside it in every answer is made of
the three: the cause follows after a colon. \`SAID\` holds words of somebody else (a device, a CRM, an older version), as they are.

| sentence | fault | error code |
|---|---|---|
${faults.join('\n')}
`;
}
