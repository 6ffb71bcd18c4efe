import { createHash } from 'node:crypto';

// What signs an address, or says how long it holds: AWS and those like it, Google, CloudFront, Azure. It says nothing of the file.
const always = /^x-(amz|goog|oss|cos|obs)-/i;
const withSignature = new Set(
  ['Signature', 'Expires', 'AWSAccessKeyId', 'GoogleAccessId', 'OSSAccessKeyId', 'Key-Pair-Id', 'Policy'].map((name) =>
    name.toLowerCase(),
  ),
);
const withSig = new Set(
  'sig se sp sv sr st spr sip sdd ss srt si skoid sktid skt ske sks skv saoid suoid scid'.split(' '),
);

/** The parameters of a query that are not part of a signature, as one text. */
const unsigned = (query: URLSearchParams): string => {
  const names = new Set([...query.keys()].map((name) => name.toLowerCase()));
  const isSigning = (name: string): boolean =>
    always.test(name) || (names.has('signature') && withSignature.has(name)) || (names.has('sig') && withSig.has(name));
  return new URLSearchParams([...query].filter(([name]) => !isSigning(name.toLowerCase()))).toString();
};

// With fewer hexadecimal digits, somebody could look for two queries that share them.
const DIGITS = 32;

/** An address as it is shown: without its query and fragment, and without a user's name and password. */
export const shownUrl = ({ protocol, host, pathname }: URL): string => `${protocol}//${host}${pathname}`;

/**
 * The name of what an address leads to: the address as it is shown. Where its query says more than who signed it, a question mark
 * and a digest of the rest follow: so what was signed anew has the same name, two photos of one server have two, and no name
 * tells a secret.
 */
export const nameOfUrl = (url: URL): string => {
  const rest = unsigned(url.searchParams);
  if (rest === '') return shownUrl(url);
  return `${shownUrl(url)}?${createHash('sha256').update(rest).digest('hex').slice(0, DIGITS)}`;
};
