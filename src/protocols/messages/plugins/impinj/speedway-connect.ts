import { type MessagePlugin, plainPlugin } from '../../plugin.ts';

/** Speedway Connect: a form whose fields hold a table, and rows that are heartbeats. */
export const impinjSpeedwayConnect: MessagePlugin = {
  ...plainPlugin,
  map: {
    payload: 'form',
    rules: [
      { when: { path: 'isHeartBeat', in: [true, 'true', 'True', '1'] }, is: 'event', name: 'heartbeat', online: true },
      { when: { path: 'is_heart_beat', in: ['true', 'True', '1'] }, is: 'event', name: 'heartbeat', online: true },
    ],
  },
};
