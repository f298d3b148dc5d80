import { type TSchema, Type } from '../../kit/index.ts';
import { MemberPath, timeFormats } from './read-map.ts';
import { oneOf, strict, titled } from './vocabulary.ts';

export const Path = Type.String({ pattern: '^[^./][^.]*(\\.[^.]+)*$', maxLength: 200, description: 'a dotted path' });
export const TimeFormat = titled(
  '`iso` (ISO 8601; one without a zone is of `timeZone`, the reader’s or the site’s), or `s`, `ms`, `us` since 1970',
  oneOf(...timeFormats),
);

const Place = titled(
  'a dotted path into the read; a leading `/` starts at the message that holds the list',
  MemberPath,
);

function placesOf<S extends TSchema>(title: string, schema: S) {
  return Type.Array(schema, { minItems: 1, maxItems: 10, title });
}
const One = Type.Object({ path: Place }, strict);
const places = (title: string) => Type.Optional(placesOf(title, One));

const Rssi = Type.Object(
  { path: Place, unit: titled('`dBm`, or `cdBm` for hundredths of it', oneOf('dBm', 'cdBm')) },
  strict,
);
const Frequency = Type.Object({ path: Place, unit: titled('`kHz` or `MHz`', oneOf('kHz', 'MHz')) }, strict);

const Round = Type.Object(
  {
    path: Place,
    in: Type.Array(titled('a value that says so', Type.String({ maxLength: 80 })), {
      minItems: 1,
      maxItems: 20,
      title: 'the values at `path` that say so',
    }),
  },
  strict,
);

/**
 * Where the values of a read are, as far as profiles share it. Each takes the first of its places that holds something. A
 * configuration's own `map` says more (`read-map.ts`), and so may a plug-in.
 */
export const ProfileMap = Type.Object(
  {
    list: Type.Optional(
      placesOf(
        'where a message holds its list of reads, the first that is there; without it the message is one read',
        Place,
      ),
    ),
    id: placesOf('the EPC, as hex', One),
    antenna: places('the antenna port, counted from 1'),
    rssi: Type.Optional(placesOf('the RSSI', Rssi)),
    time: Type.Optional(placesOf('when the tag was read', Type.Object({ path: Place, format: TimeFormat }, strict))),
    round: Type.Optional(placesOf('which reports stand for a whole round, so that one is enough', Round)),
    count: places('how many reads the report stands for'),
    seq: places('the running number of the report'),
    frequency: Type.Optional(placesOf('the frequency', Frequency)),
    phase: places('the phase in degrees'),
    pc: places('the PC word, as hex'),
    tid: places('the TID, as hex'),
  },
  { ...strict, title: 'where the values of a read are; of several places the first that holds something is taken' },
);
