import { boundedText, compile, formatProblem, GatewayError, located, messageOf, readYaml } from '../kit/index.ts';
import { ReadMap } from '../protocols/index.ts';

const checker = compile(ReadMap);

/** A reader's `map` from a file of its own, YAML or JSON, as it stands in the configuration. Throws CONFIG_INVALID with each mistake. */
export function readMapFrom(file: string): ReadMap {
  const yaml = readYaml(textOf(file));
  const { value, errors } = yaml;
  const broken = errors.map(({ line, message }) => `${file}:${line}: ${message}`);
  if (broken.length === 0 && checker.fits(value)) return value;
  const wrong = broken.length > 0 ? [] : located(yaml, checker.problems(value));
  throw new GatewayError('CONFIG_INVALID', [...broken, ...wrong.map((one) => formatProblem(file, one))].join('\n'));
}

function textOf(file: string): string {
  try {
    return boundedText(file);
  } catch (error) {
    throw new GatewayError('CONFIG_INVALID', `${file} cannot be read: ${messageOf(error)}`, {}, error);
  }
}
