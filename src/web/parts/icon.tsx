const shapes = {
  stock: 'M3 7.5 12 3l9 4.5v9L12 21l-9-4.5zM3 7.5l9 4.5 9-4.5M12 12v9',
  live: 'M5 5a10 10 0 0 0 0 14M19 5a10 10 0 0 1 0 14M8 8a5.7 5.7 0 0 0 0 8M16 8a5.7 5.7 0 0 1 0 8M12 12h.01',
  status: 'M3 12h4l2.5-7 5 14L17 12h4',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l4.5 4.5',
  clear: 'M6 6l12 12M18 6 6 18',
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  place: 'M12 21s7-6.2 7-11a7 7 0 1 0-14 0c0 4.8 7 11 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5',
  warning: 'M12 4 2.5 20h19zM12 10v4M12 17h.01',
  ok: 'M5 12.5l4.5 4.5L19 7.5',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  pause: 'M8 5v14M16 5v14',
  play: 'M8 5l11 7-11 7z',
  off: 'M4 4l16 16M8.5 8.5a6 6 0 0 0 0 7M15.5 8.5a6 6 0 0 1 1 5.5M5 6a10 10 0 0 0 0 12M19 6a10 10 0 0 1 1.5 10',
} as const;

export type IconName = keyof typeof shapes;

/** A line drawing beside words: decoration, so screen readers skip it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}
