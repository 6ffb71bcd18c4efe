import { isRecord, isText } from '../../results/json.js';

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
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(`line ${valid.err.line}: ${valid.err.msg}`);
  const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, ignoreDeclaration: true });
  const value: unknown = parser.parse(text);
  if (!isRecord(value)) throw new Error('it is empty');
  return value;
};
