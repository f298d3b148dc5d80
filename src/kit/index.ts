export { type AbuseLog, createAbuseLog } from './abuse-log.ts';
export { type Backoff, backoffMs } from './backoff.ts';
export { type Clock, pause, systemClock, type Timer } from './clock.ts';
export { type Closing, createClosing } from './closing.ts';
export { boundedText, configText } from './config-text.ts';
export { createCounters } from './counters.ts';
export { crash } from './crash.ts';
export { type ErrorCode, errorCodes } from './errors.ts';
export {
  type FaultParams,
  failure,
  fault,
  faultIn,
  faultOf,
  faultText,
  isSameFault,
  said,
  sentenceOf,
} from './fault.ts';
export { type Fault, type FaultCode, faultTable } from './faults.ts';
export { GatewayError, messageOf } from './gateway-error.ts';
export { bytesHash, contentId, keyedHash, textHash } from './hash.ts';
export { jsonDepth } from './json-depth.ts';
export { formatProblem, formatWarning, type LocatedProblem, located } from './located.ts';
export { type Log, silentLog } from './log.ts';
export { memoryLimits } from './memory.ts';
export { errnoOf, type NetTrouble, netTrouble } from './net-trouble.ts';
export { createPauses, GOOD_WORK_MS, type Pauses } from './pauses.ts';
export { LARGEST_PAYLOAD } from './payload.ts';
export { type PemFiles, pemFaults, renewalDue } from './pem.ts';
export { plainTextPattern, textFault } from './plain-text.ts';
export { addressGroup } from './remote-address.ts';
export { compile, type Problem, type Static, type TSchema, Type } from './schema.ts';
export { resolveSecret, Secret, secretProblems } from './secret.ts';
export { createTroubles } from './troubles.ts';
export { writeWhole } from './whole-file.ts';
export { readYaml } from './yaml.ts';
export { createZone, placeZone, type Zone, zoneName, zoneProblems } from './zone.ts';
