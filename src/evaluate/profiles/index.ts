import { photo } from './photo.js';
import type { Profile } from './profile.js';
import { wsol } from './wsol.js';

/** Profiles by name. A new one is a file and its entry here. */
export const profiles = { photo, wsol } satisfies Record<string, Profile>;
