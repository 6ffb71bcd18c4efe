/** Photo formats that are read, each with its file name extensions. The names are sharp's where sharp reads them. */
export const photoFormats: Readonly<Record<string, readonly string[]>> = {
  jpeg: ['.jpg', '.jpeg', '.jpe', '.jfif', '.mpo'],
  png: ['.png', '.apng'],
  webp: ['.webp'],
  gif: ['.gif'],
  tiff: ['.tif', '.tiff'],
  heif: ['.avif'],
  bmp: ['.bmp', '.dib'],
  ppm: ['.ppm', '.pgm', '.pnm', '.pbm'],
};

/** The same formats as a person calls them. */
export const formatNames: readonly string[] = Object.keys(photoFormats).map((format) =>
  format === 'heif' ? 'avif' : format,
);
