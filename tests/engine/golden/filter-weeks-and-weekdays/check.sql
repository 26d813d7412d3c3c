select isodow(sold_on), quarter(sold_on), count(*) from sales where year(sold_on) = 2024 and isodow(sold_on) < 6 group by 1, 2
