// The phase map. Every slack is a + b x + c y + d x y, so the whole plane, its boundary and the
// verdict at the point follow from four numbers for each constraint, at every step of a drag.

const LEFT = 56, RIGHT = 12, TOP = 10, BOTTOM = 44;
const HOLDS = [158, 202, 233], FAILS = [242, 194, 160];

const slackOf = ([a, b, c, d], x, y) => a + b * x + c * y + d * x * y;

function least(rows, x, y) {
  let value = Infinity, which = -1;
  for (let k = 0; k < rows.length; k++) {
    const slack = slackOf(rows[k], x, y);
    if (slack < value) { value = slack; which = k; }
  }
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

const twoDigits = (value) => Number(value.toPrecision(2)).toString();
const threeDigits = (value) => Number(value.toPrecision(3)).toString();

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const canvas = parentElement.querySelector("canvas");
  const readout = parentElement.querySelector(".readout");
  const ink = canvas.getContext("2d");
  const rows = distinct(data.coefficients);
  const [x0, x1] = data.x, [y0, y1] = data.y;
  let at = [...data.at];
  let dragging = false;
  let background = null;

  const box = () => canvas.getBoundingClientRect();
  const right = (x) => LEFT + ((x - x0) / (x1 - x0)) * (box().width - LEFT - RIGHT);
  const down = (y) => TOP + ((y1 - y) / (y1 - y0)) * (box().height - TOP - BOTTOM);
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  function paintBackground(width, height) {
    const image = ink.createImageData(width, height);
    for (let j = 0; j < height; j++) {
      const y = y1 - ((j + 0.5) / height) * (y1 - y0);
      for (let i = 0; i < width; i++) {
        const x = x0 + ((i + 0.5) / width) * (x1 - x0);
        const colour = least(rows, x, y)[0] >= 0 ? HOLDS : FAILS;
        image.data.set([...colour, 255], 4 * (j * width + i));
      }
    }
    const layer = document.createElement("canvas");
    layer.width = width;
    layer.height = height;
    layer.getContext("2d").putImageData(image, 0, 0);
    return layer;
  }

  // The boundary in closed form: for each constraint y = -(a + b x) / (c + d x), where it binds.
  function strokeBoundary(width) {
    for (const row of rows) {
      const [a, b, c, d] = row;
      let pen = false;
      ink.beginPath();
      for (let i = 0; i <= width; i++) {
        const x = x0 + (i / width) * (x1 - x0);
        const slope = c + d * x;
        const y = -(a + b * x) / slope;
        const binds = slope !== 0 && y >= y0 && y <= y1 && least(rows, x, y)[0] > -1e-9 * (1 + Math.abs(a));
        if (binds && pen) ink.lineTo(right(x), down(y));
        else if (binds) ink.moveTo(right(x), down(y));
        pen = binds;
      }
      // A constraint that does not depend on y binds along a vertical line.
      if (c === 0 && d === 0 && b !== 0) {
        const x = -a / b;
        if (x >= x0 && x <= x1) {
          let on = false;
          for (let j = 0; j <= 200; j++) {
            const y = y0 + (j / 200) * (y1 - y0);
            const binds = least(rows, x, y)[0] > -1e-9 * (1 + Math.abs(a));
            if (binds && on) ink.lineTo(right(x), down(y));
            else if (binds) ink.moveTo(right(x), down(y));
            on = binds;
          }
        }
      }
      ink.stroke();
    }
  }

  function axis(colour) {
    const { width, height } = box();
    ink.fillStyle = colour;
    ink.font = "12px sans-serif";
    ink.textAlign = "center";
    for (let k = 0; k <= 4; k++) {
      const x = x0 + (k / 4) * (x1 - x0);
      ink.fillText(threeDigits(x), right(x), height - BOTTOM + 16);
    }
    ink.fillText(data.labels[0], LEFT + (width - LEFT - RIGHT) / 2, height - 8);
    ink.textAlign = "right";
    for (let k = 0; k <= 4; k++) {
      const y = y0 + (k / 4) * (y1 - y0);
      ink.fillText(threeDigits(y), LEFT - 6, down(y) + 4);
    }
    ink.save();
    ink.translate(12, TOP + (height - TOP - BOTTOM) / 2);
    ink.rotate(-Math.PI / 2);
    ink.textAlign = "center";
    ink.fillText(data.labels[1], 0, 0);
    ink.restore();
  }

  function diamond(x, y, size, colour, filled) {
    ink.beginPath();
    ink.moveTo(x, y - size);
    ink.lineTo(x + size, y);
    ink.lineTo(x, y + size);
    ink.lineTo(x - size, y);
    ink.closePath();
    ink.lineWidth = 2;
    ink.strokeStyle = colour;
    ink.fillStyle = "white";
    if (filled) ink.fill();
    ink.stroke();
  }

  function draw() {
    const { width, height } = box();
    if (width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      background = null;
    }
    ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    const colour = getComputedStyle(canvas).color;
    ink.clearRect(0, 0, width, height);
    background ??= paintBackground(240, 160);
    ink.imageSmoothingEnabled = false;
    ink.drawImage(background, LEFT, TOP, width - LEFT - RIGHT, height - TOP - BOTTOM);
    ink.strokeStyle = "#1a1a1a";
    ink.lineWidth = 2.5;
    strokeBoundary(Math.round(width));
    axis(colour);
    if (data.baseline) diamond(right(data.baseline[0]), down(data.baseline[1]), 7, "#1a1a1a", true);
    ink.beginPath();
    ink.arc(right(at[0]), down(at[1]), 7, 0, 2 * Math.PI);
    ink.fillStyle = "#1a1a1a";
    ink.fill();
    ink.lineWidth = 2;
    ink.strokeStyle = "white";
    ink.stroke();
    tell();
  }

  function tell() {
    const [slack, which] = least(data.coefficients, at[0], at[1]);
    const verdict = slack >= 0
      ? `holds, ${twoDigits(slack)} to spare`
      : `does not hold, ${twoDigits(-slack)} short`;
    const binding = which < 0 ? "" : ` (${data.constraints[which]})`;
    readout.textContent =
      `${data.labels[0]} ${threeDigits(at[0])}, ${data.labels[1]} ${threeDigits(at[1])}: ${verdict}${binding}`;
    canvas.dataset.verdict = slack >= 0 ? "holds" : "fails";
  }

  function move(event) {
    const { left, top, width, height } = box();
    const x = x0 + ((event.clientX - left - LEFT) / (width - LEFT - RIGHT)) * (x1 - x0);
    const y = y1 - ((event.clientY - top - TOP) / (height - TOP - BOTTOM)) * (y1 - y0);
    at = [clamp(x, x0, x1), clamp(y, y0, y1)];
    draw();
  }

  const rounded = (value, low, high) => {
    const unit = Math.pow(10, Math.floor(Math.log10((high - low) / 500)));
    return Number((Math.round(value / unit) * unit).toPrecision(12));
  };

  function release() {
    at = [rounded(at[0], x0, x1), rounded(at[1], y0, y1)];
    draw();
    setStateValue("point", { x: at[0], y: at[1] });
  }

  canvas.onpointerdown = (event) => {
    dragging = true;
    canvas.setPointerCapture(event.pointerId);
    move(event);
  };
  canvas.onpointermove = (event) => dragging && move(event);
  canvas.onpointerup = () => {
    if (dragging) { dragging = false; release(); }
  };
  canvas.onkeydown = (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    at = [
      clamp(at[0] + (step[0] * (x1 - x0)) / 100, x0, x1),
      clamp(at[1] + (step[1] * (y1 - y0)) / 100, y0, y1),
    ];
    draw();
  };
  canvas.onkeyup = (event) => {
    if (event.key.startsWith("Arrow")) release();
  };

  const observer = new ResizeObserver(draw);
  observer.observe(canvas);
  draw();
  return () => observer.disconnect();
}
