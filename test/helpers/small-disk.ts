import { execFileSync } from 'node:child_process';

/** A disk in memory of so many KiB at this folder. @returns false where the system lets nobody make one. */
export const mountDisk = (folder: string, kibibytes: number): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'gapcam-test', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

export const remountDisk = (folder: string, options: string): void => {
  execFileSync('mount', ['-o', `remount,${options}`, folder], { stdio: 'ignore' });
};

export const unmountDisk = (folder: string): void => {
  execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
};
