package test

import (
	"go/constant"
	"go/token"
	"go/types"
	"math/big"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A costRow is a row of docs/cost.md whose name other rows can use: a price, an
// assumption, or a figure with its formula.
type costRow struct {
	name, formula, shown string
}

// costRows returns the rows of docs/cost.md in their order.
func costRows(t *testing.T) (rows []costRow) {
	t.Helper()
	for _, line := range strings.Split(read(t, "../docs/cost.md")["../docs/cost.md"], "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		name := strings.Trim(cells[0], "`")
		if !strings.HasPrefix(line, "| `") || len(cells) < 3 {
			continue
		}
		row := costRow{name: name, shown: cells[len(cells)-1]}
		if formula := cells[len(cells)-2]; len(cells) == 4 && strings.HasPrefix(formula, "`") {
			row.formula = strings.Trim(formula, "`")
		} else {
			row.shown = strings.TrimPrefix(cells[1], "$")
		}
		rows = append(rows, row)
	}
	return rows
}

var (
	costName   = regexp.MustCompile(`[a-z]\w*`)
	costNumber = regexp.MustCompile(`\b\d+(\.\d+)?\b`)
)

// evaluate returns the value of a formula, in which known has the values of names.
func evaluate(t *testing.T, row costRow, known map[string]string) float64 {
	t.Helper()
	expression := costName.ReplaceAllStringFunc(row.formula, func(name string) string {
		if known[name] == "" {
			t.Fatalf("docs/cost.md: the formula of %s uses %s, which no row above has", row.name, name)
		}
		return known[name]
	})
	// A number without a point would make the division one of integers.
	expression = costNumber.ReplaceAllStringFunc(expression, func(number string) string {
		if strings.Contains(number, ".") {
			return number
		}
		return number + ".0"
	})
	result, err := types.Eval(token.NewFileSet(), nil, token.NoPos, expression)
	if err != nil {
		t.Fatalf("docs/cost.md: the formula of %s: %v", row.name, err)
	}
	value, _ := constant.Float64Val(result.Value)
	return value
}

func TestCost_has_the_figures_that_its_prices_give(t *testing.T) {
	known, figures := map[string]string{}, 0
	for _, row := range costRows(t) {
		if known[row.name] != "" {
			t.Errorf("docs/cost.md has two rows %s", row.name)
		}
		known[row.name] = row.shown
		if row.formula == "" {
			continue
		}
		figures++
		value := evaluate(t, row, known)
		shown := strings.ReplaceAll(row.shown, ",", "")
		_, decimals, _ := strings.Cut(shown, ".")
		if want := strconv.FormatFloat(value, 'f', len(decimals), 64); shown != want {
			t.Errorf("docs/cost.md says %s is %s, want %s (%v)", row.name, row.shown, want, value)
		}
		known[row.name] = new(big.Float).SetFloat64(value).Text('f', 20)
	}
	if figures < 30 {
		t.Errorf("got %d figures with formulas, want those of the whole page", figures)
	}
}

// The page assumes the library's memory.
func TestCost_assumes_the_memory_of_functions_here(t *testing.T) {
	known := map[string]string{}
	for _, row := range costRows(t) {
		known[row.name] = row.shown
	}
	for file, name := range map[string]string{"../infra/function_options.go": "memory", "../infra/body_hasher.go": "edge_memory"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		gb, _ := strconv.ParseFloat(known[name], 64)
		if want := "MemorySize, jsii.Number(" + strconv.FormatFloat(1024*gb, 'f', -1, 64) + "))"; !strings.Contains(string(source), want) {
			t.Errorf("docs/cost.md has %s GB as %s, which isn't the default in %s: want %s there", known[name], name, file, want)
		}
	}
}
