/** What a process did to files, in the order in which it was done. Paths are absolute. */
export type DiskCall =
  | {
      readonly call: 'open';
      readonly path: string;
      readonly fd: number;
      readonly creates: boolean;
      readonly truncates: boolean;
    }
  /** `at` null: behind what the descriptor wrote before. */
  | {
      readonly call: 'write';
      readonly path: string;
      readonly fd: number;
      readonly at: number | null;
      readonly bytes: Buffer;
    }
  | { readonly call: 'seek'; readonly fd: number; readonly at: number }
  | { readonly call: 'truncate'; readonly path: string; readonly length: number }
  | { readonly call: 'sync'; readonly path: string }
  | { readonly call: 'rename' | 'link'; readonly from: string; readonly to: string }
  | { readonly call: 'remove' | 'mkdir'; readonly path: string };

/** A line of text that the process said, or a call. */
export type TraceEntry = { readonly said: string } | DiskCall;

/** Calls that the parser knows; others that touch files in the folder are an error. */
export const tracedCalls =
  'open,openat,openat2,creat,lseek,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fsync,fdatasync,' +
  'rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,mkdir,mkdirat,fallocate,copy_file_range,sendfile,' +
  'sync_file_range,symlink,symlinkat,splice,mknod,mknodat';
