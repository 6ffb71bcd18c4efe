import { type Exported, type ExportSetup, exportFile } from './export-file.js';
import { serve } from './serve.js';

serve(async (setup: ExportSetup, _: Exported | undefined, begun) => ({
  perform: async () => ({}),
  handed: await exportFile(setup, begun),
}));
