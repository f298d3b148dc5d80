export {
  createForwarder,
  type Destination,
  DestinationOptions,
  type DestinationStatus,
  destinationProblems,
  type Forwarder,
  keysOf,
  secretFault,
  secretForm,
} from './crm/index.ts';
export type { Follower, FollowerParts, Listeners } from './follower.ts';
export { followers, openFollowers } from './followers.ts';
export { createFollowing } from './following.ts';
export type { OpenFollower } from './open-follower.ts';
