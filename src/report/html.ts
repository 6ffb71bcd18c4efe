import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageFile } from '../package-file.js';
import type { ReportRun } from './data.js';
import { scriptJson } from './data-files.js';
import { BEGINNING, MARK } from './own-files.js';

/** Reads a file of the built page. The path is right from src and from dist. */
const built = (name: string): string => readFileSync(packageFile(`dist/report/${name}`), 'utf8');

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page may load files from its own place only, and run only its own script and data. */
const policy = (script: string, style: string): string =>
  [
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "img-src 'self' file:",
    `script-src 'self' file: ${digest(script)}`,
    `style-src ${digest(style)}`,
  ].join('; ');

/** The page's HTML, with the run as a whole. Photos and maps are in data files. */
export const reportHtml = (run: ReportRun): string => {
  const [script, style] = [built('page.js'), built('page.css')];
  return `${BEGINNING}${MARK}
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>gapcam report</title>
<style>${style}</style>
</head>
<body>
<noscript>This report draws its heatmaps with JavaScript, which is switched off here.</noscript>
<script type="application/json" id="run">${scriptJson(run)}</script>
<script>${script}</script>
</body>
</html>
`;
};
