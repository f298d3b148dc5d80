/** 16 MiB: the largest payload of a message that is taken, whichever way it comes. */
export const LARGEST_PAYLOAD = 16 * 1024 * 1024;
