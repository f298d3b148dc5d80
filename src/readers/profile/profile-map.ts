import { Type } from '../../kit/index.ts';
import { oneOf, strict } from './vocabulary.ts';

export const Path = Type.String({ pattern: '^[^./][^.]*(\\.[^.]+)*$', maxLength: 200, description: 'a dotted path' });

/** A dotted path into one read of a message; a leading `/` starts at the message that holds the list. */
const Place = Type.String({
  pattern: '^/?[^./][^.]*(\\.[^.]+)*$',
  maxLength: 200,
  title: 'a dotted path into the read; a leading `/` starts at the message that holds the list',
  description: 'a dotted path, e.g. data.idHex',
});

export const TimeFormat = {
  ...oneOf('iso', 's', 'ms', 'us'),
  title: '`iso` (ISO 8601 with a zone), or `s`, `ms`, `us` since 1970',
};

const list = { minItems: 1, maxItems: 10 };

function places(title: string) {
  return Type.Optional(Type.Array(Type.Object({ path: Place }, strict), { ...list, title }));
}

/**
 * Where the values of a read are, as far as profiles share it. Each takes the first of its places that holds something. A
 * configuration's own `map` says more (`read-map.ts`), and so may a plug-in.
 */
export const ProfileMap = Type.Object(
  {
    list: Type.Optional(
      Type.Array(Place, {
        ...list,
        title: 'where a message holds its list of reads, the first that is there; without it the message is one read',
      }),
    ),
    id: Type.Array(Type.Object({ path: Place }, strict), { ...list, title: 'the EPC, as hex' }),
    antenna: places('the antenna port, counted from 1'),
    rssi: Type.Optional(
      Type.Array(
        Type.Object(
          { path: Place, unit: { ...oneOf('dBm', 'cdBm'), title: '`dBm`, or `cdBm` for hundredths of it' } },
          strict,
        ),
        {
          ...list,
          title: 'the RSSI',
        },
      ),
    ),
    time: Type.Optional(
      Type.Array(Type.Object({ path: Place, format: TimeFormat }, strict), {
        ...list,
        title: 'when the tag was read',
      }),
    ),
    count: places('how many reads the report stands for'),
    seq: places('the running number of the report'),
    frequency: Type.Optional(
      Type.Array(Type.Object({ path: Place, unit: { ...oneOf('kHz', 'MHz'), title: '`kHz` or `MHz`' } }, strict), {
        ...list,
        title: 'the frequency',
      }),
    ),
    phase: places('the phase in degrees'),
    pc: places('the PC word, as hex'),
    tid: places('the TID, as hex'),
  },
  { ...strict, title: 'where the values of a read are; of several places the first that holds something is taken' },
);
