// The phase map. Every slack is a + b x + c y + d x y, so the whole plane, its boundary and the
// verdict at the point follow from four numbers for each constraint, at every step of a drag.

const LEFT = 56, RIGHT = 12, TOP = 10, BOTTOM = 44;
const HOLDS = [158, 202, 233], FAILS = [242, 194, 160], DARK = "#1a1a1a";
const ACROSS = 240, UP = 160; // cells of the coloured plane
const TIE = 1e-12; // as in negotiate: a slack that is nothing but rounding is a tie
const KEY_PAUSE = 200; // ms after the last arrow key until Python is told

const slackOf = ([a, b, c, d], x, y) => a + b * x + c * y + d * x * y;
const sizeOf = ([a, b, c, d], x, y) =>
  Math.abs(a) + Math.abs(b * x) + Math.abs(c * y) + Math.abs(d * x * y);

function least(rows, x, y) {
  let value = Infinity, which = -1;
  for (let k = 0; k < rows.length; k++) {
    const slack = slackOf(rows[k], x, y);
    if (slack < value) { value = slack; which = k; }
  }
  if (which >= 0 && Math.abs(value) <= TIE * sizeOf(rows[which], x, y)) value = 0;
  return [value, which];
}

// Constraints that look the same (many alike parties) are drawn once.
function distinct(rows) {
  const seen = new Set();
  return rows.filter((row) => {
    const key = row.join(" ");
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

const digits = (value, n) => Number(value.toPrecision(n)).toString();
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// What outlives a new reading of the data: a drag goes on while Python answers the last one.
const memory = new WeakMap();

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const canvas = parentElement.querySelector("canvas");
  const readout = parentElement.querySelector(".readout");
  const ink = canvas.getContext("2d");
  const rows = distinct(data.coefficients);
  const [x0, x1] = data.x, [y0, y1] = data.y;
  const own = memory.get(canvas) ?? { dragging: false, at: null, timer: 0, observer: null, sent: 0 };
  memory.set(canvas, own);
  // Until Python has heard of the last release, what it says is about an earlier one.
  if (!own.dragging && !own.timer && data.heard >= own.sent) own.at = [...data.at];
  let plane = null;

  canvas.setAttribute("aria-label",
    `Phase map of ${data.labels[0]} across and ${data.labels[1]} up. Arrow keys move the point.`);
  parentElement.querySelector(".base").hidden = !data.baseline;

  const box = () => canvas.getBoundingClientRect();
  const scales = ({ width, height }) => ({
    right: (x) => LEFT + ((x - x0) / (x1 - x0)) * (width - LEFT - RIGHT),
    down: (y) => TOP + ((y1 - y) / (y1 - y0)) * (height - TOP - BOTTOM),
  });

  function colours() {
    const image = new ImageData(ACROSS, UP);
    for (let j = 0; j < UP; j++) {
      const y = y1 - ((j + 0.5) / UP) * (y1 - y0);
      for (let i = 0; i < ACROSS; i++) {
        const x = x0 + ((i + 0.5) / ACROSS) * (x1 - x0);
        const colour = least(rows, x, y)[0] >= 0 ? HOLDS : FAILS;
        image.data.set([...colour, 255], 4 * (j * ACROSS + i));
      }
    }
    const layer = new OffscreenCanvas(ACROSS, UP);
    layer.getContext("2d").putImageData(image, 0, 0);
    return layer;
  }

  // The boundary in closed form: each constraint is zero along y = -(a + b x) / (c + d x), which
  // is x = -(a + c y) / (b + d y). Both are drawn, so that steep parts are as fine as flat ones.
  function strokeBoundary(pen, { right, down }, steps) {
    const isEdge = (row, x, y) =>
      x >= x0 && x <= x1 && y >= y0 && y <= y1 && least(rows, x, y)[0] >= -1e-9 * sizeOf(row, x, y);
    const trace = (row, pointAt) => {
      let on = false;
      pen.beginPath();
      for (let i = 0; i <= steps; i++) {
        const [x, y] = pointAt(i / steps);
        const edge = isEdge(row, x, y);
        if (edge && on) pen.lineTo(right(x), down(y));
        else if (edge) pen.moveTo(right(x), down(y));
        on = edge;
      }
      pen.stroke();
    };
    for (const row of rows) {
      const [a, b, c, d] = row;
      trace(row, (t) => { const x = x0 + t * (x1 - x0); return [x, -(a + b * x) / (c + d * x)]; });
      trace(row, (t) => { const y = y0 + t * (y1 - y0); return [-(a + c * y) / (b + d * y), y]; });
    }
  }

  function axes(pen, { width, height }, { right, down }, colour) {
    pen.fillStyle = colour;
    pen.font = "12px sans-serif";
    pen.textAlign = "center";
    for (let k = 0; k <= 4; k++) {
      const x = x0 + (k / 4) * (x1 - x0);
      pen.fillText(digits(x, 3), right(x), height - BOTTOM + 16);
    }
    pen.fillText(data.labels[0], LEFT + (width - LEFT - RIGHT) / 2, height - 8);
    pen.textAlign = "right";
    for (let k = 0; k <= 4; k++) {
      const y = y0 + (k / 4) * (y1 - y0);
      pen.fillText(digits(y, 3), LEFT - 6, down(y) + 4);
    }
    pen.save();
    pen.translate(12, TOP + (height - TOP - BOTTOM) / 2);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "center";
    pen.fillText(data.labels[1], 0, 0);
    pen.restore();
  }

  // All that stays put while the point moves, painted once for each size and colour scheme.
  function still(size, ratio, colour) {
    const key = [size.width, size.height, ratio, colour].join(" ");
    if (plane?.key === key) return plane.layer;
    const layer = new OffscreenCanvas(
      Math.max(1, Math.round(size.width * ratio)), Math.max(1, Math.round(size.height * ratio)));
    const pen = layer.getContext("2d");
    const at = scales(size);
    pen.scale(ratio, ratio);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(
      colours(), LEFT, TOP, size.width - LEFT - RIGHT, size.height - TOP - BOTTOM);
    pen.strokeStyle = DARK;
    pen.lineWidth = 2.5;
    strokeBoundary(pen, at, Math.round(Math.max(size.width, size.height)));
    axes(pen, size, at, colour);
    if (data.baseline) diamond(pen, at.right(data.baseline[0]), at.down(data.baseline[1]), 7);
    plane = { key, layer };
    return layer;
  }

  function diamond(pen, x, y, size) {
    pen.beginPath();
    pen.moveTo(x, y - size);
    pen.lineTo(x + size, y);
    pen.lineTo(x, y + size);
    pen.lineTo(x - size, y);
    pen.closePath();
    pen.lineWidth = 2;
    pen.strokeStyle = DARK;
    pen.fillStyle = "white";
    pen.fill();
    pen.stroke();
  }

  function draw() {
    const size = box();
    if (size.width <= LEFT + RIGHT || size.height <= TOP + BOTTOM) return;
    const ratio = window.devicePixelRatio || 1;
    const layer = still(size, ratio, getComputedStyle(canvas).color);
    if (canvas.width !== layer.width || canvas.height !== layer.height) {
      canvas.width = layer.width;
      canvas.height = layer.height;
    }
    const { right, down } = scales(size);
    ink.setTransform(1, 0, 0, 1, 0, 0);
    ink.clearRect(0, 0, canvas.width, canvas.height);
    ink.drawImage(layer, 0, 0);
    ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    ink.beginPath();
    ink.arc(right(own.at[0]), down(own.at[1]), 7, 0, 2 * Math.PI);
    ink.fillStyle = DARK;
    ink.fill();
    ink.lineWidth = 2;
    ink.strokeStyle = "white";
    ink.stroke();
    tell();
  }

  function tell() {
    const [x, y] = own.at;
    const [slack, which] = least(data.coefficients, x, y);
    const verdict = slack > 0 ? `holds, ${digits(slack, 2)} to spare`
      : slack === 0 ? "holds, nothing to spare, a tie"
      : `does not hold, ${digits(-slack, 2)} short`;
    const binding = which < 0 ? "" : ` (${data.constraints[which]})`;
    readout.textContent =
      `${data.labels[0]} ${digits(x, 3)}, ${data.labels[1]} ${digits(y, 3)}: ${verdict}${binding}`;
    canvas.dataset.verdict = slack >= 0 ? "holds" : "fails";
  }

  function move(event) {
    const { left, top, width, height } = box();
    const x = x0 + ((event.clientX - left - LEFT) / (width - LEFT - RIGHT)) * (x1 - x0);
    const y = y1 - ((event.clientY - top - TOP) / (height - TOP - BOTTOM)) * (y1 - y0);
    own.at = [clamp(x, x0, x1), clamp(y, y0, y1)];
    draw();
  }

  const rounded = (value, low, high) => {
    const unit = Math.pow(10, Math.floor(Math.log10((high - low) / 500)));
    return clamp(Number((Math.round(value / unit) * unit).toPrecision(12)), low, high);
  };

  function release() {
    own.at = [rounded(own.at[0], x0, x1), rounded(own.at[1], y0, y1)];
    draw();
    // The time tells a point that is chosen anew after an undo from the one before it.
    own.sent = Date.now();
    setStateValue("point", { x: own.at[0], y: own.at[1], time: own.sent });
  }

  canvas.onpointerdown = (event) => {
    if (event.button !== 0) return;
    own.dragging = true;
    canvas.setPointerCapture(event.pointerId);
    move(event);
  };
  canvas.onpointermove = (event) => own.dragging && move(event);
  canvas.onpointerup = () => {
    if (own.dragging) { own.dragging = false; release(); }
  };
  canvas.onpointercancel = () => {
    own.dragging = false;
    own.at = [...data.at];
    draw();
  };
  canvas.onkeydown = (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    clearTimeout(own.timer);
    own.timer = -1; // a key is down
    own.at = [
      clamp(own.at[0] + (step[0] * (x1 - x0)) / 100, x0, x1),
      clamp(own.at[1] + (step[1] * (y1 - y0)) / 100, y0, y1),
    ];
    draw();
  };
  const settle = () => { own.timer = 0; own.settle(); };
  own.settle = release;
  canvas.onkeyup = (event) => {
    if (!event.key.startsWith("Arrow")) return;
    clearTimeout(own.timer);
    own.timer = setTimeout(settle, KEY_PAUSE);
  };
  canvas.onblur = () => {
    if (own.timer) { clearTimeout(own.timer); settle(); }
  };

  own.observer?.disconnect();
  own.observer = new ResizeObserver(draw);
  own.observer.observe(canvas);
  draw();
  return () => {
    own.observer.disconnect();
    clearTimeout(own.timer);
  };
}
