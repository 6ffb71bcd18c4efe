import { isRecord, isText } from '../../results/json.js';
import { strangeStart } from '../first-bytes.js';

/** A file's XML as plain data: texts, or objects of these by the names of elements; a list where several have one name. */

// A photo of a thousand objects has less.
const LONGEST = 2 ** 22;

export type Xml = Readonly<Record<string, unknown>>;

/** Values under a name, whether there is one, several or none. */
export const allOf = (xml: unknown, name: string): readonly unknown[] => {
  const value = isRecord(xml) && Object.hasOwn(xml, name) ? xml[name] : undefined;
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
};

/** The only value under a name. Undefined: there is none, or there are several. */
export const oneOf = (xml: unknown, name: string): unknown => {
  const all = allOf(xml, name);
  return all.length === 1 ? all[0] : undefined;
};

export const textOf = (xml: unknown, name: string): string | undefined => {
  const value = oneOf(xml, name);
  return isText(value) ? value : undefined;
};

/** A number. Undefined: there is none, or it is none. */
export const numberOf = (xml: unknown, name: string): number | undefined => {
  const text = textOf(xml, name)?.trim();
  const number = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
};

/** The encoding that a file's first bytes state. */
const encodingOf = (bytes: Buffer): string => {
  if (strangeStart(bytes) !== undefined) return bytes[0] === 0xfe || bytes[0] === 0 ? 'utf-16be' : 'utf-16le';
  return (
    /^[^<]{0,3}<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(
      bytes.toString('latin1', 0, 300),
    )?.[1] ?? 'utf-8'
  );
};

/** A file's text, in the encoding that it states. @throws Error where it is in none that is known, or not in that one. */
export const xmlText = (bytes: Buffer): string => {
  const encoding = encodingOf(bytes);
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch (error) {
    throw new Error(`its encoding ${encoding} is not known`, { cause: error });
  }
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new Error(`it is no text in ${encoding}`, { cause: error });
  }
};

/**
 * Reads XML that anybody may have written. A document type may define entities that stand for gigabytes, or name other files,
 * and no annotation has one. The library refuses elements that lie in each other more than 100 deep.
 * @throws Error that says why it is none.
 */
export const parseXml = async (text: string): Promise<Xml> => {
  if (text.length > LONGEST) throw new Error(`it has more than ${LONGEST / 2 ** 20} MiB`);
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw new Error('it has a document type, which no annotation needs');
  // Few commands meet such a file.
  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  if (text.trim() === '') throw new Error('it is empty');
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    const { line, msg } = valid.err;
    // The library lists the elements in which the text ends.
    throw new Error(/^Invalid '\[/.test(msg) ? 'it ends within an element' : `line ${line}: ${msg}`);
  }
  // Such as &#233; too.
  const parser = new XMLParser({
    parseTagValue: false,
    ignoreAttributes: true,
    ignoreDeclaration: true,
    htmlEntities: true,
  });
  const value: unknown = parser.parse(text);
  if (!isRecord(value)) throw new Error('it has no element');
  return value;
};
