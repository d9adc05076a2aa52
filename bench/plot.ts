import type { Compared, Comparison } from './endpoints.ts';

const WIDTH = 760;
const NAME_WIDTH = 190;
const FIGURE_WIDTH = 70;
const BAR_HEIGHT = 16;
const ROW_HEIGHT = 24;
const TITLE_HEIGHT = 34;

/** Draws what a request costs each server of CPU, one chart below the other, each from nothing to its dearest. */
export function plotOf(comparisons: readonly Comparison[]): string {
  let top = 0;
  const charts = [...Map.groupBy(comparisons, titleOf)].map(([title, ofOneLoad]) => {
    // Signet took turns with each group of the others: the first time counts.
    const servers = ofOneLoad
      .flatMap((comparison) => comparison.servers)
      .filter(({ name }, index, all) => all.findIndex((server) => server.name === name) === index);
    const chart = chartOf(title, servers, top);
    top += TITLE_HEIGHT + servers.length * ROW_HEIGHT;
    return chart;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top + ROW_HEIGHT}" font-family="sans-serif" font-size="13">
<title>CPU per request</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${charts.join('\n')}
</svg>
`;
}

function titleOf({ request, alg, concurrency }: Comparison): string {
  return `CPU for ${request}, ${alg}, ${concurrency} at a time`;
}

function chartOf(title: string, servers: readonly Compared[], top: number): string {
  const dearest = Math.max(...servers.map(({ figures }) => figures.cpuMicrosecondsPerRequest));
  const room = WIDTH - NAME_WIDTH - FIGURE_WIDTH;
  const bars = servers.map(({ name, figures: { cpuMicrosecondsPerRequest: cpu } }, index) => {
    const y = top + TITLE_HEIGHT + index * ROW_HEIGHT;
    const width = Math.max(1, (cpu / dearest) * room).toFixed(1);
    const color = name === 'signet' ? '#0b6e4f' : '#9aa5b1';
    const baseline = y + BAR_HEIGHT - 3;
    return [
      `<text x="${NAME_WIDTH - 8}" y="${baseline}" text-anchor="end">${name}</text>`,
      `<rect x="${NAME_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" fill="${color}"/>`,
      `<text x="${(NAME_WIDTH + Number(width) + 6).toFixed(1)}" y="${baseline}">${cpu.toFixed(0)} µs</text>`,
    ].join('\n');
  });
  return [`<text x="8" y="${top + 22}" font-weight="bold">${title}</text>`, ...bars].join('\n');
}
