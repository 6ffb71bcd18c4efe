#!/usr/bin/env node
import { closeSync, openSync } from 'node:fs';

// Node reads the program's files many at a time. Where few may be open, it fails to, or says that some are missing.
const FEW = 64;

const mayOpenMany = () => {
  const opened = [];
  try {
    while (opened.length < FEW) opened.push(openSync(new URL(import.meta.url)));
    return true;
  } catch {
    return false;
  } finally {
    for (const file of opened) closeSync(file);
  }
};

try {
  await import('../dist/cli.js');
} catch (error) {
  if (mayOpenMany()) throw error;
  const reason = String(error?.message ?? error).split('\n')[0];
  process.stderr.write(
    `gapcam: Too few files may be open for the program to start (${reason}); allow more, as with ulimit -n 1024.\n`,
  );
  process.exitCode = 2;
}
