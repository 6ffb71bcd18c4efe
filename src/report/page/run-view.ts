import { havePlaces } from '../../maps/feature-map.js';
import { NO_GRID, percent } from '../../maps/remarks.js';
import type { ReportRun } from '../data.js';
import type { Report } from './data.js';
import { definitions, element } from './dom.js';
import type { Summary } from './summary.js';
import { counted, inSight } from './words.js';

const kinds = {
  exact: 'exact: the mean of a map plus the bias is the logit',
  frozen:
    'frozen: mean plus bias is the logit, with something of the pool or the head held at its value for each photo',
} as const;

/** Any value of run.json in words. */
const words = (value: unknown): string => {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(words).join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, part]) => `${name} ${words(part)}`)
      .join(', ');
  }
  return value === undefined || value === null ? 'none' : String(value);
};

const section = (title: string, pairs: readonly (readonly [string, string])[]): HTMLElement =>
  element('section', {}, element('h2', {}, title), definitions('settings', pairs));

const inputPairs = ({ input }: ReportRun): readonly (readonly [string, string])[] => {
  const { origins, ...values } = input;
  const from = (typeof origins === 'object' && origins !== null ? origins : {}) as Readonly<Record<string, unknown>>;
  return Object.entries(values).map(([name, value]) => [
    name,
    from[name] === undefined ? words(value) : `${words(value)} (${words(from[name])})`,
  ]);
};

const meanings: readonly (readonly [string, string])[] = [
  ['Logit', 'What the network says for a class before scores are made of it; one more multiplies the odds by 2.7.'],
  [
    'Class map',
    'For each cell of the photo, what it adds to the logit, times the number of cells. The mean over the cells plus the bias is the logit.',
  ],
  ['Score', 'Softmax or sigmoid of the logit, from 0 to 100 %.'],
  ['Margin', 'How far the best class’s score is above the second’s.'],
  [
    'Evidence',
    'Positive values of a map: what speaks for the class. Strongest and weakest go by the map’s largest value.',
  ],
  ['Concentration', 'Share of a map’s evidence in the strongest tenth of its cells: 10 % is spread evenly.'],
  ['Residual', 'How far mean plus bias is from the logit, as a share of the logit where that is above 1.'],
  ['No evidence', 'Nothing in the photo speaks for the class; such a map shows no heat unless it is stretched.'],
  ['Hardly any', 'The map’s largest value is below 0.1 logits, which changes the odds by a tenth.'],
  ['Flat', 'All cells say the same; such a map shows no heat.'],
  ['Mostly elsewhere', 'Less than half of what moves the logit lies in cells: the map shows the smaller part.'],
  ['Damaged photo', 'Pixels of the photo are missing; the map is of what there is of it.'],
  ['Right, wrong', 'Whether the best class is the one that the photo’s folder is named after.'],
  ['Keys', 'Arrows go through photos, Enter opens one, Escape closes it.'],
];

const folderUse = ({ areClasses, sortedAsText }: ReportRun['folders']): string => {
  if (!areClasses) return 'not taken for classes';
  return sortedAsText
    ? 'taken for classes; as nothing names these, the numbers were sorted as text, as torchvision’s ImageFolder does: 10 before 2'
    : 'taken for classes';
};

/** What is said of numbers instead. */
const ofNumbers: Readonly<Record<string, string>> = {
  Logit: 'What the network gives: the number itself, of which no score is made.',
  'Class map':
    'For each cell of the photo, what it adds to the number, times the number of cells. The mean over the cells plus the bias is the number.',
  Evidence:
    'Positive values of a map: what makes the number larger. Strongest and weakest go by the map’s largest value.',
  Residual: 'How far mean plus bias is from the number, as a share of the number where that is above 1.',
  'No evidence':
    'Nothing in the photo makes the number larger; such a map shows no heat, unless it is stretched or signed.',
  'Mostly elsewhere': 'Less than half of what moves the number lies in cells: the map shows the smaller part.',
};
const ofScoresAlone = new Set(['Score', 'Margin', 'Hardly any', 'Right, wrong']);

const meaningsOf = (hasScores: boolean): typeof meanings =>
  hasScores
    ? meanings
    : meanings
        .filter(([word]) => !ofScoresAlone.has(word))
        .map(([word, text]) => [word === 'Logit' ? 'Number' : word, ofNumbers[word] ?? text]);

/** All that is known of the run, and what the page's words mean. */
export const runView = ({ run, hasScores }: Report, { verdicts, judged, right }: Summary): HTMLElement => {
  const { head, folders } = run;
  const foldersWords = `${folders.named} of ${counted(folders.folders, 'folder')} with photos name a class`;
  const counts: (readonly [string, string])[] = [
    ['Photos', `${counted(run.explained, 'photo')} explained, ${run.failed} failed`],
    ...(run.unread > 0
      ? [['Passed over', `${counted(run.unread, 'file')} of formats that are not read`] as const]
      : []),
    ['Maps', [...verdicts].map(([verdict, number]) => `${number} ${verdict}`).join(', ') || 'none'],
    ['Folders', `${foldersWords}: ${folderUse(folders)}`],
    ...(judged > 0 ? [['Right', `${right} of ${judged}, ${percent(right / judged)}`] as const] : []),
    ['Speed', `${run.meanMilliseconds.toFixed(1)} ms a photo, on average`],
    ...(run.torn > 0
      ? [['Left out', `${counted(run.torn, 'line')} of the manifest that cannot be read`] as const]
      : []),
  ];
  return element(
    'div',
    { className: 'run' },
    section('Result', counts),
    section('Model', [
      ['Name', inSight(run.model.name)],
      ['SHA-256', run.model.sha256],
      ['Kind', kinds[head.kind]],
      ['Pooled', `${head.featureMap} [${head.dims.join(', ')}], ${head.layout}`],
      ['Pool', head.pool ?? 'not stated: a run of an earlier version'],
      ['Grid', havePlaces(head) ? `${head.grid[0]} rows × ${head.grid[1]} columns` : NO_GRID],
      ['Head', head.operators.join(' → ')],
      hasScores
        ? ['Classes', `${head.classes}, scores by ${head.scoring}`]
        : ['Numbers', `${head.classes}, without scores`],
      ['gapcam', run.version],
    ]),
    section('Input', inputPairs(run)),
    section(
      'Options',
      Object.entries(run.options).map(([name, value]) => [name, words(value)]),
    ),
    section('What the words mean', meaningsOf(hasScores)),
  );
};
