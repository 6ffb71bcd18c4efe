import { encoded, type Kind } from './kind.js';

export const input: Kind = {
  needsPlaces: false,
  draw: async (_, subject) => [await encoded('input', undefined, subject.input, 'png')],
};
