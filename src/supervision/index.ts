export { openMemories } from './memory-file.ts';
export { createSupervision } from './supervise.ts';
