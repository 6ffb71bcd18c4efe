import { describe, expect, it } from 'vitest';
import { nameOfUrl } from '../../src/http/name.js';

const nameOf = (url: string) => nameOfUrl(new URL(url));
const at = 'https://host/a.jpg';

const SIGNED = [
  ['AWS', 'X-Amz-Algorithm=AWS4&X-Amz-Credential=AKIA%2F1&X-Amz-Date=1&X-Amz-Expires=9&X-Amz-Signature=topsecret'],
  ['AWS, of old', 'AWSAccessKeyId=AKIA&Signature=topsecret&Expires=17'],
  ['Google', 'X-Goog-Algorithm=RSA&X-Goog-Credential=me&X-Goog-Signature=topsecret'],
  ['CloudFront', 'Expires=17&Signature=topsecret&Key-Pair-Id=K1'],
  ['Azure', 'sv=2022&st=1&se=2&sr=b&sp=r&sig=topsecret'],
] as const;

describe('the name of what an address leads to', () => {
  it.each(SIGNED)('tells nothing of who signed it, so that a fresh signature is the same photo: %s', (_, query) => {
    expect(nameOf(`${at}?${query}`)).toBe(at);
    const fresh = nameOf(`${at}?versionId=7&${query.replace('topsecret', 'another')}`);
    expect(fresh).toBe(nameOf(`${at}?versionId=7&${query}`));
    expect(fresh).toMatch(/^https:\/\/host\/a\.jpg\?[0-9a-f]{32}$/);
  });

  it('is another where the query says another photo, and shows nothing of it', () => {
    const queries = ['id=topsecret', 'id=8', 'id=topsecret&size=2', 'Expires=9', 'sp=r', 'id=7&id=8', 'id=8&id=7'];
    const names = queries.map((query) => nameOf(`${at}?${query}`));
    expect(new Set([at, ...names]).size).toBe(queries.length + 1);
    expect(names.join()).not.toMatch(/topsecret|id/);
  });

  it.each([
    ['HTTPS://HOST:443/x/../a.jpg#part', at],
    ['https://host/a%20b.jpg', 'https://host/a%20b.jpg'],
    ['https://host/a b.jpg', 'https://host/a%20b.jpg'],
    ['https://host/ä.jpg?', 'https://host/%C3%A4.jpg'],
    ['http://host:8080//a.jpg', 'http://host:8080//a.jpg'],
    ['http://2130706433/a.jpg', 'http://127.0.0.1/a.jpg'],
  ])('of %s is %s', (url, name) => {
    expect(nameOf(url)).toBe(name);
  });
});
