package infra_test

import (
	"testing"

	"github.com/cloudfurl/cloudfurl/infra"
)

func TestFixedPort_is_the_one_of_common_servers(t *testing.T) {
	for command, want := range map[string]string{
		"gunicorn -b :8000 app:app":                                "8000",
		"gunicorn --bind=0.0.0.0:8000 app:app":                     "8000",
		"python -m gunicorn --bind [::]:8000 app:app":              "8000",
		"uvicorn app:app --port 8000":                              "8000",
		"uvicorn --host 0.0.0.0 --port=8000 app:app":               "8000",
		"hypercorn --bind 127.0.0.1:8000 app:app":                  "8000",
		"daphne -b 0.0.0.0 -p 8000 app:app":                        "8000",
		"waitress-serve --listen=*:8000 app:app":                   "8000",
		"waitress-serve --port=8000 app:app":                       "8000",
		"uwsgi --http :8000 --module app":                          "8000",
		"uwsgi --http-socket 0.0.0.0:8000":                         "8000",
		"flask run -p 5000":                                        "5000",
		"flask run -p5000":                                         "5000",
		"flask --app app run --port 5000":                          "5000",
		"FLASK_RUN_PORT=5000 flask run":                            "5000",
		"python -m http.server 8000":                               "8000",
		"python -m http.server --bind 127.0.0.1 8000":              "8000",
		"python -m http.server --directory site 8000 -b 127.0.0.1": "8000",
		"python manage.py runserver 0.0.0.0:8000":                  "8000",
		"python manage.py runserver --noreload 8000":               "8000",
		"./manage.py migrate && ./manage.py runserver 8000":        "8000",
		"php -S 0.0.0.0:8000 -t public":                            "8000",
		"npx serve -l 3000":                                        "3000",
		"npx next start -p 3000":                                   "3000",
		"streamlit run app.py --server.port 8501":                  "8501",
		"export PORT=3000; node server.js":                         "3000",

		"node server.js":                       "",
		"python app.py":                        "",
		"gunicorn -b :8080 app:app":            "",
		"gunicorn -b :9090 -b :8080 app:app":   "",
		"gunicorn --bind 0.0.0.0:$PORT -p 123": "",
		"python -m http.server ${PORT}":        "",
		"python -m http.server":                "",
		"python manage.py runserver":           "",
		"python manage.py runserver 8080":      "",
		"flask run --port $AWS_LWA_PORT":       "",
		"app --metrics-port 9100 --app-p 9100": "",
		"DB_PORT=5432 python app.py":           "",
		"ls -l 300 && node server.js":          "",
		"python -m http.server 8000bytes":      "",
	} {
		if got, form := infra.FixedPort([]string{"/bin/sh", "-c", command}, "8080"); got != want {
			t.Errorf("%s: got port %q by %q, want %q", command, got, form, want)
		}
	}
}
